/** What a timer can wait for at most, in milliseconds (24.8 days); asked for anything longer it would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;
