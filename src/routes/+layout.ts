// Pages are HTML and plain forms: nothing to download, nothing that can fail on an old phone or a bad network.
// A page that needs scripts (saving while typing, scoring offline) says `csr = true` beside itself.
export const csr = false;
