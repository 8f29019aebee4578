"""The catalogue by the Open Archives Initiative's protocol for harvesting, OAI-PMH 2.0.

http://www.openarchives.org/OAI/openarchivesprotocol.html; the sections named below are of it.
"""
