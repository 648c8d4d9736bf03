// Nothing on the home page needs scripts; without them it costs a phone only its HTML and the stylesheet.
export const csr = false;
