"""Reads Alpine packages and their index from scratch: what an index must say of packages, and what one says.

usage: apk_reader.py packages FILE... | index FILE PUBLIC_KEY
Prints JSON. An index without a valid signature of the key is an error.
"""

import base64, hashlib, io, json, re, subprocess, sys, tarfile, tempfile, zlib


def streams(data):
    """The gzip streams of a file: what each is, and what it unpacks to."""
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        content = unpacker.decompress(data) + unpacker.flush()
        rest = unpacker.unused_data
        yield data[: len(data) - len(rest)], content
        data = rest


def members(content):
    """The files of an archive, which need not have an end."""
    with tarfile.open(fileobj=io.BytesIO(content + bytes(1024))) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive if each.isfile()}


def package(path):
    data = open(path, "rb").read()
    raw, control = next((raw, files) for raw, files in ((r, members(c)) for r, c in streams(data)) if ".PKGINFO" in files)
    lines = [line.split(" = ", 1) for line in control[".PKGINFO"].decode().splitlines() if " = " in line]
    values = lambda key: [value for name, value in lines if name == key]
    single = dict(P="pkgname", V="pkgver", A="arch", I="size", T="pkgdesc", U="url", L="license", o="origin", m="maintainer",
                  t="builddate", c="commit", k="provider_priority", q="replaces_priority")
    several = dict(D="depend", p="provides", i="install_if", r="replaces")
    entry = {letter: values(key)[0] for letter, key in single.items() if values(key)}
    entry |= {letter: " ".join(values(key)) for letter, key in several.items() if values(key)}
    entry["C"] = "Q1" + base64.b64encode(hashlib.sha1(raw).digest()).decode()
    entry["S"] = str(len(data))
    return entry


def index(path, key):
    (_, signature), (raw, content), *others = streams(open(path, "rb").read())
    assert not others, "more than a signature and an index"
    [(name, signed)] = members(signature).items()
    algorithm, key_name = re.fullmatch(r"\.SIGN\.(RSA|RSA256)\.(.+\.rsa\.pub)", name).groups()
    assert key.endswith("/" + key_name), f"signed with {key_name}"
    with tempfile.NamedTemporaryFile() as file:
        file.write(signed)
        file.flush()
        digest = "-sha1" if algorithm == "RSA" else "-sha256"
        subprocess.run(["openssl", "dgst", digest, "-verify", key, "-signature", file.name], input=raw, check=True, stdout=subprocess.DEVNULL)
    text = members(content)["APKINDEX"].decode()
    assert text.endswith("\n\n") or text == ""
    return {"algorithm": algorithm, "entries": [dict(line.split(":", 1) for line in each.split("\n")) for each in text.split("\n\n")[:-1]]}


kind, *arguments = sys.argv[1:]
print(json.dumps([package(path) for path in arguments] if kind == "packages" else index(*arguments)))
