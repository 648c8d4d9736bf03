/** The server in front asks for the grounds of an answer by this header, and finds them under it in the answer. */
export const groundsHeader = 'x-miaopu-grounds';
