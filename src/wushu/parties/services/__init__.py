"""Writes of parties. Each asks whether the actor may, saves, and records, in one transaction."""

from wushu.parties.services.accounts import (
    account_activate,
    account_create,
    account_deactivate,
    account_end_sessions,
    account_set_password,
)
from wushu.parties.services.api_keys import api_key_issue, api_key_revoke
from wushu.parties.services.attempts import attempts_forget
from wushu.parties.services.devices import device_token
from wushu.parties.services.hierarchy import organisation_place
from wushu.parties.services.import_bodies import bodies_import
from wushu.parties.services.import_staff import staff_import
from wushu.parties.services.links import password_link_issue, password_link_use
from wushu.parties.services.organisations import organisation_register, organisation_update
from wushu.parties.services.outside import (
    outside_begin,
    outside_finish,
    outside_link,
    outside_link_own,
    outside_sign_in,
    outside_ticket,
    outside_unlink,
)
from wushu.parties.services.people import (
    membership_end,
    membership_grant,
    person_register,
    person_update,
)
from wushu.parties.services.sign_in import (
    session_begin,
    session_keep,
    sign_in,
    sign_in_begin,
    sign_in_finish,
)
from wushu.parties.services.succession import staff_succeed
from wushu.parties.services.totp import totp_begin, totp_confirm, totp_remove

__all__ = [
    "account_activate",
    "account_create",
    "account_deactivate",
    "account_end_sessions",
    "account_set_password",
    "api_key_issue",
    "api_key_revoke",
    "attempts_forget",
    "bodies_import",
    "device_token",
    "membership_end",
    "membership_grant",
    "organisation_place",
    "organisation_register",
    "organisation_update",
    "outside_begin",
    "outside_finish",
    "outside_link",
    "outside_link_own",
    "outside_sign_in",
    "outside_ticket",
    "outside_unlink",
    "password_link_issue",
    "password_link_use",
    "person_register",
    "person_update",
    "session_begin",
    "session_keep",
    "sign_in",
    "sign_in_begin",
    "sign_in_finish",
    "staff_import",
    "staff_succeed",
    "totp_begin",
    "totp_confirm",
    "totp_remove",
]
