"""Pure mathematics and formats of the log: no Django, no files, no clock.

``merkle`` trees and proofs (RFC 6962, RFC 9162) · ``tiles`` how a tree is cut into files (C2SP
tlog-tiles) · ``notes`` signed checkpoints (C2SP signed-note, tlog-checkpoint, tlog-proof) ·
``leaves`` what an entry says and how a row is digested.
"""
