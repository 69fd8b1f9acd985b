/** Sigmas about the middle that the 8 bits of a picture hold; the page's contrast lies within. */
export const HELD_SIGMAS = 6;
