"""Signing in by somebody else's word: OpenID Connect Core 1.0, authorization code flow with PKCE.

``rules``    what is asked and what an answer must say: pure
``provider`` what is read from the provider, through the guarded client
``models``   which subject at the provider is which account here

The provider says who somebody is there. Who that is here, only a link says, which was made by the person
while signed in or by an administrator: never an e-mail address, which providers let people choose.
"""
