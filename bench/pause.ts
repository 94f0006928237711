/** Lets time pass, for servers that do things later. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
