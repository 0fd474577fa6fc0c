/** Words that several forms share, as the beginnings that `needs` looks for. */
export const orderWords =
  "instruction prompt direction directive rule guideline command context message order programming training task assignment constraint restriction statement request sentence conversation text input information queries content steps documents".split(
    " ",
  );
export const limitWords =
  "restriction rule limit limitation filter ethic moral guideline censorship safeguard constraint boundaries content".split(
    " ",
  );
export const unboundWords =
  "unrestricted unfiltered uncensored unlimited unbound jailbroken amoral immoral evil rogue".split(" ");
