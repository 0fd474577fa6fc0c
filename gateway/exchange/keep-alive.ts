/** Between two comments that keep a stream alive of which nothing may leave yet. */
export const keepAliveMs = 5000;

/** Read over by every client. */
export const keepAliveComment = ": proctor is examining this answer\n\n";
