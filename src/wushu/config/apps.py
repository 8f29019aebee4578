"""Binds the seams between apps when the program starts."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring."""

    name = "wushu.config"
    label = "config"

    def ready(self) -> None:
        """Give each app what it needs of one above it.

        ``parties`` the log's recorder, the catalogue the sizes of the files that the data plane makes,
        the portal the description of the API, which names the addresses of all apps,
        whatever takes files in the malware scanner of the settings,
        ``parties`` the providers of text messages and of real names.
        """
        from wushu.catalog import selectors as catalog  # noqa: PLC0415
        from wushu.config import openapi, providers, scanner  # noqa: PLC0415
        from wushu.dataplane import selectors as dataplane  # noqa: PLC0415
        from wushu.evidence.services import Rerecording, record  # noqa: PLC0415  (apps are ready only now)
        from wushu.kernel import acts, migrating, scanning  # noqa: PLC0415
        from wushu.parties import selectors as seams  # noqa: PLC0415
        from wushu.portal import selectors as portal  # noqa: PLC0415

        acts.bind(record)
        catalog.files_bind(dataplane.export_facts)
        migrating.bind(Rerecording())
        portal.bind_api_description(openapi.document)
        scanning.bind(scanner.scanner)
        seams.sms.bind(providers.sms)
        seams.real_name.bind(providers.real_name)
