import fc from "fast-check";

// For `npm run mutation`: fewer random cases, and a clock that goes slower, because code that counts its mutants does.
fc.configureGlobal({ numRuns: 25 });

const slower = 30;
const now = performance.now.bind(performance);
performance.now = () => now() / slower;
