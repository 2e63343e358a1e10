# Opens a bundle as packaging/portal/README.md says, with nothing of Motcua: open.py BUNDLE. Writes what it found as JSON.
import base64, hashlib, json, sys, zipfile
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    names = z.namelist()
    assert names[:2] == ["manifest.json", "signature.json"], names
    manifest, signature = z.read(names[0]), json.loads(z.read(names[1]))
    assert signature["algorithm"] == "Ed25519"
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature["verify"]))
    key.verify(base64.b64decode(signature["signature"]), signature["context"].encode() + b"\0" + manifest)
    said = json.loads(manifest)
    assert (said["format"], said["version"]) == ("motcua-portal-bundle", 1)
    assert [f["name"] for f in said["files"]] == names[2:]
    for f in said["files"]:
        content = z.read(f["name"])
        assert len(content) == f["size"] and hashlib.sha256(content).hexdigest() == f["sha256"], f["name"]

print(json.dumps({"reference": said["reference"], "digest": "sha256:" + hashlib.sha256(manifest).hexdigest(), "officer": signature["officer"],
                  "files": len(said["files"])}))
