/** Words that say that a phone number follows, whatever its form. */
const labels =
  /(?:(?<!\p{L})(?:(?:tele|cell|smart|mobile|home|work|office|business|contact|emergency)?[- ]?phones?|tel|tele(?:fon|fono|foon)\p{L}*|t[ée]l[ée]?phone|t[ée]l|cell(?:ular)?|mobiles?|mobil\p{L}*|m[óo]vil|handy(?:nummer)?|celular|fax|telefax|whatsapp|sms|desk|hotline|helpline|(?:ruf|durchwahl|fax)nummer|gsm|telefonnummer|(?:phone|mobile|cell|contact|fax|office|home|work|direct|daytime|callback|call-back|emergency) (?:number|no\.?|nr\.?|line|#)|direct|office)(?!\p{L})\.?|電話(?:番号)?|携帯|电话|手机|전화)(?:\s?\([^()\n]{0,12}\))?(?: (?:number|no\.?|nr\.?|is|was|ist|est|es|è))*[\s:：=*_|"'-]{0,6}$/iu;
/** Phrases with which a caller is told where to call. */
const phrases =
  /(?<!\p{L})(?:(?:call|ring|text|dial|phone|message|reach|contact|sms|fax|whatsapp)(?:ed|ing|s|es)?(?: (?:me|us|him|her|them|you|my|our|back|directly|now|today|anytime|again|(?:the|my|our|this)(?: \p{L}{1,12})?))*(?: (?:at|on|under|via|to|from))?|(?:messages?|texts?|calls?|sms) (?:to|at|from|on)|(?:answer\p{L}*|available|reachable|registered|listed)(?: (?:at|on|with|under|to|my|our|the|number))+|registered|(?:my|his|her|their|our|your|the) (?:\p{L}{1,12} )?(?:number|no\.|line|phone)(?: (?:is|was|at|on))?|(?:unter|anrufen|ruf\p{L}* (?:sie |mich |uns )?(?:bitte )?(?:an )?(?:unter)?)|appelez(?:-\p{L}+)?(?: (?:le|au|moi|nous))*|(?:joindre|joignable) au|ll[aá]m\p{L}*(?: (?:al|a|me|nos))*|ligue(?: (?:para|me))*|chiam\p{L}*(?: (?:al|il|me|lo))*|bel(?:len)?(?: (?:naar|me|mij|ons|op))*|nummer(?: ist)?|numéro(?: est)?|número(?: es)?|numero(?: è)?)[\s:,="'-]{0,4}$/iu;
/** Words somewhere before it that make a valid national number a phone number. */
const hints =
  /(?<!\p{L})(?:phones?|telephone|call(?:ing|ed|s)?|dial|reach|contact|ring|text(?:ed)?|hotline|helpline|anruf\p{L}*|appel\p{L}*|ll[aá]m\p{L}*)(?!\p{L})/iu;
/** Words behind a number in an address book. */
const behind =
  /^[\s,\\]{0,3}[-–(\\]{0,2}\s?(?:office|mobile|cell(?:ular)?|home|work|fax|desk|direct|phone|tel|b[üu]ro|mobil|privat)\b/i;
/** Words that announce some other number. */
const others =
  /(?<!\p{L})(?:order|invoice|customer|client|member|part|article|item|model|room|docket|page|line|row|step|ticket|tracking|reference|ref|case|account|serial|sku|isbn|issn|ean|upc|imei|vin|id|zip|postcode|version|population|total|sum|amount|commit|port|pid|byte|timestamp|number of|bestell\p{L}*|rechnung\p{L}*|kunden\p{L}*|konto\p{L}*|steuer\p{L}*)(?!\p{L})\.?[\s:#=]{0,3}(?:number|nummer|no\.?|nr\.?|id|is)?[\s:#=]{0,3}(?:is |was )?$/iu;

/** Words behind a number that say what it counts. */
const counted =
  /^\s?(?:times|users?|people|visitors|customers|employees|characters|words|letters|units|px|pixels|[kKMGT]i?B|bytes|ms|seconds|minutes|hours|days|dollars|euros?|yen|USD|EUR|GBP|VND|JPY|km|kg|miles|lines|rows|records|items|entries|versions|copies|views|downloads|requests|tokens|million|billion|percent)(?!\p{L})/u;

/** How sure the words before and behind a number are that it is a phone number. */
export type Announcement = "label" | "phrase" | "hint" | "none" | "other";

/** Reads the words that stand before a number, up to the number before it, and those right behind it. */
export function announcementOf(lead: string, rest: string): Announcement {
  if (counted.test(rest)) return "other";
  if (labels.test(lead)) return "label";
  if (phrases.test(lead)) return "phrase";
  if (others.test(lead)) return "other";
  if (behind.test(rest)) return "phrase";
  return hints.test(lead) ? "hint" : "none";
}
