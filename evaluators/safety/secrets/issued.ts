/** A form that an issuer documents, or that its keys all have. */
export interface SecretForm {
  readonly kind: "private_key" | "api_key" | "access_token" | "json_web_token" | "password";
  /** One of these stands in every one of them: without any the pattern is not tried. */
  readonly marks: readonly string[];
  /** With the flag `d`, a group `value` is the secret in it. */
  readonly pattern: RegExp;
  /** Least disorder of the value in bits per character, by which placeholders are told from secrets; 0 asks for nothing. */
  readonly bits: number;
}

type Row = readonly [kind: SecretForm["kind"], prefixes: string, rest: string, bits?: number];

/** Prefixes (separated by spaces) and what follows them. Most are of keys that their issuers marked so that scanners find them. */
const rows: readonly Row[] = [
  ["api_key", "sk-", "(?:ant-|proj-|svcacct-|admin-|or-v1-|lf-)?[A-Za-z0-9_-]{20,200}"],
  ["api_key", "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ whsec_", "[A-Za-z0-9+/=]{16,200}"],
  ["api_key", "AIza", "[A-Za-z0-9_-]{35}(?![\\w-])"],
  ["api_key", "AKIA ASIA ABIA ACCA", "[A-Z2-7][A-Z0-9]{15}(?![A-Za-z0-9])", 2.5],
  ["api_key", "LTAI", "[A-Za-z0-9]{12,20}(?![A-Za-z0-9])"],
  [
    "api_key",
    "hf_ gsk_ npm_ dop_v1_ doo_v1_ dor_v1_ xai- r8_ pplx- nvapi- tvly- csk- fw_ api_org_ jina_ voyage_ pa-",
    "[A-Za-z0-9_-]{20,200}",
    3.3,
  ],
  ["api_key", "glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent-", "[A-Za-z0-9_.-]{20,200}"],
  ["api_key", "pypi-AgE", "[A-Za-z0-9_-]{40,300}"],
  ["api_key", "SG.", "[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}"],
  [
    "api_key",
    "lin_api_ lin_oauth_ PMAK- NRAK- NRJS- rubygems_ pscale_tkn_ pscale_pw_ pcsk_ lsv2_pt_ lsv2_sk_ sntrys_ sntryu_",
    "[A-Za-z0-9_=/+.-]{20,300}",
  ],
  ["api_key", "shpat_ shpca_ shppa_ shpss_", "[a-fA-F0-9]{32}(?![A-Za-z0-9])"],
  ["api_key", "dp.pt. dp.st. dp.ct. dp.sa.", "[A-Za-z0-9_.-]{20,80}"],
  [
    "api_key",
    "figd_ ntn_ atlasv1. hvs. hvb. dckr_pat_ dckr_oat_ tfp_ CCIPAT_ ATATT3 ATCTT3 fo1_ FlyV1 sbp_ vercel_ vcp_",
    "[A-Za-z0-9_+/=.-]{20,300}",
  ],
  ["api_key", "AGE-SECRET-KEY-1", "[A-Z0-9]{58}"],
  ["api_key", "key-", "[0-9a-f]{32}(?![A-Za-z0-9])"],
  ["api_key", "SK", "[0-9a-f]{32}(?![A-Za-z0-9])"],
  ["access_token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9]{30,255}"],
  ["access_token", "github_pat_", "[A-Za-z0-9_]{30,255}"],
  ["access_token", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xoxp- xapp-", "[A-Za-z0-9-]{10,300}", 2.5],
  ["access_token", "ya29. 1//0", "[A-Za-z0-9_-]{30,300}"],
  ["access_token", "GOCSPX-", "[A-Za-z0-9_-]{20,40}"],
  ["access_token", "EAACEdEose0cBA EAAA", "[A-Za-z0-9_-]{40,300}"],
  ["access_token", "sq0atp- sq0csp- sq0idp-", "[A-Za-z0-9_-]{20,60}"],
];

function toForm([kind, prefixes, rest, bits = 3]: Row): SecretForm {
  const marks = prefixes.split(" ");
  const either = marks.map((mark) => mark.replaceAll(/[./]/g, "\\$&")).join("|");
  return { kind, marks, pattern: new RegExp(`(?<![\\w-])(?:${either})${rest}`, "g"), bits };
}

const others: readonly SecretForm[] = [
  {
    kind: "private_key",
    marks: ["-----BEGIN "],
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.-]{0,8000}?-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/g,
    bits: 0,
  },
  {
    kind: "private_key",
    marks: ["PuTTY-User-Key-File"],
    pattern:
      /PuTTY-User-Key-File-\d: (?:[\w-]{4,30}\n(?:[\w-]{3,20}: [^\n]{0,200}\n|[A-Za-z0-9+/=]{1,80}\n?){0,100})?/g,
    bits: 0,
  },
  {
    kind: "json_web_token",
    marks: ["eyJ"],
    pattern: /(?<![\w-])eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,1000}/g,
    bits: 3,
  },
  {
    kind: "access_token",
    marks: [":AA"],
    pattern: /(?<![\w-])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])/g,
    bits: 3,
  },
  {
    kind: "access_token",
    marks: ["hooks.", "webhook"],
    pattern:
      /https:\/\/(?:hooks\.[a-z]{3,20}\.com\/(?:services|workflows|triggers|hooks)\/[A-Za-z0-9_/-]{20,120}|[a-z.]{5,40}\/api\/webhooks\/\d{15,21}\/[A-Za-z0-9_-]{40,90})/g,
    bits: 3,
  },
  {
    kind: "access_token",
    marks: ["."],
    pattern: /(?<![\w.-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![\w-])/g,
    bits: 3.5,
  },
];

/** Forms that issuers document, the surest first. */
export const issuedForms: readonly SecretForm[] = [...others.slice(0, 2), ...rows.map(toForm), ...others.slice(2)];
