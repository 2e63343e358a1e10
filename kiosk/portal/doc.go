// Package portal hands a filing over to the national portal: as a signed bundle to a directory or to an HTTP endpoint, or by
// hand.
//
// Make packs a filing that an officer has opened into a Bundle and signs it; Open is what the other side does with it. A Directory
// and an HTTP client each Send it. Copy lists the fields in the portal's order for an officer who types them; the code that the portal then
// shows is noted with store.SetDossier. Nothing here makes an official code.
//
// packaging/portal/README.md describes the bundle for a stranger, packaging/portal/openapi.yaml the endpoint; tests hold this package
// against the description, and against a server that another program makes from it.
//
// # Why a repeat is harmless
//
// Nobody knows, when the answer is lost, whether the portal has the filing. So it must be possible to send again, at any time, from
// any desk. The Digest names what is handed over: it is the hash of the manifest, which holds the hash of each file and no time but that of the
// filing, so the same filing gives the same Digest whenever it is packed and whoever signs. The idempotency key follows from
// reference and Digest; a portal that has them answers with the first receipt. A bundle of the same reference with another Digest is
// never taken as a repeat: both ways of sending refuse it.
package portal
