"""Signed checkpoints: C2SP signed-note (Ed25519), tlog-checkpoint and tlog-proof."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wushu.evidence.rules.merkle import HASH_BYTES
from wushu.evidence.rules.reasons import Malformed

ED25519 = b"\x01"
"""Signature type of C2SP signed-note."""
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
PROOF_HEADER = "c2sp.org/tlog-proof@v1"

_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


class NoteError(Malformed):
    """A note, key or checkpoint that is malformed or not validly signed."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: ``<name>+<key id in hex>+<base64 of type and key>``."""

    name: str
    public: bytes
    """32 bytes, RFC 8032."""

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256 of name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        key = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a verifier key; raises `NoteError`."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        if not is_key_name(name):
            raise NoteError("核验公钥没有有效的名称", "the verifier key has no valid name")
        raw = _decode(encoded, "核验公钥", "the verifier key")
        if raw[:1] != ED25519 or len(raw) != 33:
            raise NoteError("核验公钥不是 Ed25519 公钥", "the verifier key is not an Ed25519 key")
        key = cls(name, raw[1:])
        if key.key_id.hex() != key_id:
            raise NoteError("核验公钥与其编号不符", "the verifier key's id does not belong to it")
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def is_key_name(name: str) -> bool:
    """Key names are not empty and hold neither white space nor a plus sign nor controls."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """One signature of a note, with its newline."""
    return f"— {name} {base64.b64encode(key_id + signature).decode()}\n"


def signed_note(text: str, signature_lines: Sequence[str]) -> str:
    """A note: text, blank line, signatures."""
    if not text.endswith("\n"):
        raise NoteError("正文应以换行结尾", "the text of a note ends with a newline")
    return text + "\n" + "".join(signature_lines)


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of a note that ``key`` signed; raises `NoteError`.

    Signatures of other keys are ignored, a wrong one of this key spoils the note (signed-note).
    """
    text, lines = _split_note(note)
    signed = False
    for line in lines:
        name, signature = _parse_signature(line)
        if name != key.name or signature[:4] != key.key_id:
            continue
        if not key.verify(text.encode(), signature[4:]):
            raise NoteError(f"{name} 的签名不对", f"the signature of {name} is wrong")
        signed = True
    if not signed:
        raise NoteError(f"没有 {key.name} 的签名", f"the note is not signed by {key.name}")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; raises `NoteError`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise NoteError(
            "检查点应有三行，都不为空", "a checkpoint has three lines, none of them empty"
        )
    if not _SIZE.match(lines[1]):
        raise NoteError("树的大小不是十进制数", "the size of the tree is not a decimal number")
    root = _decode(lines[2], "根散列值", "the root hash")
    if len(root) != HASH_BYTES:
        raise NoteError("根散列值不是 32 字节", "the root hash is not 32 bytes long")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that ``key`` signed for the log it is named after."""
    checkpoint = parse_checkpoint(open_note(note, key))
    if checkpoint.origin != key.name:
        raise NoteError(
            f"检查点属于 {checkpoint.origin}，不属于 {key.name}",
            f"the checkpoint is of {checkpoint.origin}, not of {key.name}",
        )
    return checkpoint


def proof_file(index: int, path: Sequence[bytes], note: str) -> str:
    """A proof that is checked without asking the node: C2SP tlog-proof."""
    lines = [PROOF_HEADER, f"index {index}", *(base64.b64encode(h).decode() for h in path)]
    return "\n".join(lines) + "\n\n" + note


def parse_proof_file(text: str) -> tuple[int, list[bytes], str]:
    """Place, path and signed checkpoint of a C2SP tlog-proof; raises `NoteError`."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 2 or lines[0] != PROOF_HEADER:
        raise NoteError("存在证明的格式不对", "the proof is no C2SP tlog-proof")
    name, _, index = lines[1].partition(" ")
    if name != "index" or not _SIZE.match(index):
        raise NoteError("存在证明没有写明位置", "the proof does not say which entry it is of")
    return int(index), [_decode(one, "散列值", "a hash of the proof") for one in lines[2:]], note


def _split_note(note: bytes) -> tuple[str, list[str]]:
    if len(note) > MAX_NOTE_BYTES:
        raise NoteError("签名文本过长", "the note is too long")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError("签名文本不是 UTF-8", "the note is not UTF-8") from error
    if any(c < " " and c != "\n" for c in decoded):
        raise NoteError("签名文本含有控制字符", "the note holds control characters")
    body, blank, signatures = decoded.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteError("空行之后没有签名", "the note has no signatures after a blank line")
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("签名过多", "the note has too many signatures")
    return body + "\n", lines


def _parse_signature(line: str) -> tuple[str, bytes]:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if mark != "—" or not is_key_name(name):
        raise NoteError("签名行格式不对", "a signature line is malformed")
    signature = _decode(encoded, "签名", "a signature")
    if len(signature) < 5:
        raise NoteError("签名过短", "a signature is too short")
    return name, signature


def _decode(text: str, what_zh: str, what_en: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{what_zh}不是 base64", f"{what_en} is not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError(
            f"{what_zh}的 base64 写法不规范", f"{what_en} is not written as base64 should be"
        )
    return raw
