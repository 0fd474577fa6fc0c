import type { RefusalKind } from "./refusal-pattern.ts";

/** The commonest forms in other languages, each as it opens a refusal of an assistant. */
export const translatedRefusals: readonly (readonly [kind: RefusalKind, pattern: RegExp])[] = [
  [
    "inability",
    /(?<!\p{L})ich (?:kann|darf|werde|möchte|bin)(?: \p{L}+){0,6} nicht(?: \p{L}+){0,3} (?:helfen|unterstützen|beantworten|bereitstellen|geben|erstellen|schreiben|anbieten|beraten|nennen|weiterhelfen|erfüllen|nachkommen|teilen|lage|tun|machen)/u,
  ],
  [
    "inability",
    /(?<!\p{L})(?:kann|darf|werde|möchte|will) ich(?: \p{L}+){0,5} nicht(?: \p{L}+){0,3} (?:helfen|unterstützen|beantworten|bereitstellen|geben|erstellen|schreiben|anbieten|beraten|nennen|weiterhelfen|erfüllen|nachkommen|teilen|tun|machen)/u,
  ],
  [
    "inability",
    /(?<!\p{L})(?:leider|tut mir (?:sehr |wirklich )?leid)(?=[^.!?\n]{0,60}(?<!\p{L})(?:ich|wir)(?!\p{L}))[^.!?\n]{0,60}(?<!\p{L})(?:kann|darf|nicht|keine)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})je (?:ne |n')(?:peux|suis|puis|vais|dois)(?: \p{L}+)? pas (?:vous |t'|te |y |en |d'|de |autorisé|mesure|(?:\p{L}+ ){0,2})?(?:aide|répond|fourni|donne|écri|génér|partag|assist|expliqu|conseill|mesure|autorisé|satisf)/u,
  ],
  ["inability", /(?<!\p{L})ich darf(?: \p{L}+){0,4} kein(?:e|en|er)?(?!\p{L})/u],
  ["policy", /(?<!\p{L})(?:va|van) en contra de (?:mis|nuestras|las) (?:normas|políticas|directrices|reglas|pautas)/u],
  [
    "inability",
    /(?<!\p{L})(?:não tenho (?:permissão|autorização|acesso)|no tengo (?:permiso|autorización|permitido))(?!\p{L})/u,
  ],
  ["inability", /(?<!\p{L})je (?:refuse|dois refuser|préfère ne pas|décline)(?!\p{L})/u],
  [
    "apology",
    /(?<!\p{L})(?:(?:je suis )?(?:désolée?|navrée?)|je m'excuse|malheureusement),? (?:mais )?(?:je|j'|cela|ce)/u,
  ],
  [
    "apology",
    /(?<!\p{L})(?:lo siento|lo lamento|me disculpo|disculpa|desafortunadamente|lamentablemente),? (?:pero )?(?:no|como)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})no (?:puedo|podemos|me es posible|debo|estoy (?:autorizad|en condiciones)|voy a)(?: \p{L}+){0,2} ?(?:ayudar|asistir|proporcionar|responder|ofrecer|dar|escribir|generar|compartir|cumplir|brindar|explicar|hacer)/u,
  ],
  ["apology", /(?<!\p{L})(?:mi dispiace|mi scuso|purtroppo|spiacente),? (?:ma )?non(?!\p{L})/u],
  [
    "inability",
    /(?<!\p{L})non (?:posso|sono in grado|mi è possibile|sono autorizzat\p{L})(?: \p{L}+){0,2} ?(?:aiutar|assister|fornir|risponder|offrir|dar|scriver|generar|condivider|soddisfar|spiegar|fare)/u,
  ],
  [
    "apology",
    /(?<!\p{L})(?:desculpe|sinto muito|lamento|peço desculpas?|infelizmente),? (?:mas )?(?:eu )?não(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})não (?:posso|consigo|me é possível|estou autorizad\p{L})(?: \p{L}+){0,2} ?(?:ajudar|fornecer|responder|oferecer|dar|escrever|gerar|compartilhar|atender|auxiliar|explicar|fazer)/u,
  ],
  [
    "apology",
    /(?<!\p{L})(?:het spijt me|sorry|helaas),? (?:maar )?(?:ik )?(?:kan|mag|zal)(?: \p{L}+){0,5} (?:niet|geen)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})(?:ik (?:kan|mag|zal|wil)|(?:kan|mag|zal|wil) ik)(?: \p{L}+){0,5} (?:niet|geen)(?: \p{L}+){0,3} (?:helpen|beantwoorden|geven|verstrekken|schrijven|doen|delen|bieden|maken|uitleggen)(?!\p{L})/u,
  ],
  [
    "apology",
    /(?<!\p{L})(?:извините|простите|к сожалению|сожалею),? (?:но )?(?:\p{L}+ ){0,2}не (?:могу|буду|имею|способ)/u,
  ],
  [
    "inability",
    /(?<!\p{L})я не (?:могу|буду|стану|в состоянии|имею права) (?:\p{L}+ ){0,2}(?:помо|предостав|ответ|отвеч|дать|дава|написа|писать|созда|выполн|поддерж|объясн)/u,
  ],
  ["apology", /(?:抱歉|对不起|對不起|很遗憾|很遺憾)[^。！？\n]{0,20}(?:不能|无法|無法|不便|不会|不會)/u],
  [
    "inability",
    /我(?:不能|无法|無法|不便|不会|不會)(?:为您|为你|為您)?(?:提供|帮助|幫助|回答|协助|協助|满足|生成|撰写|讨论)/u,
  ],
  [
    "apology",
    /(?:申し訳|すみません|恐れ入り|残念)[^。！？\n]{0,60}(?:できません|できかね|いたしかね|お答えでき|お手伝いでき|お断り)/u,
  ],
  [
    "inability",
    /(?:お手伝い|お答え|提供|対応|お応え)(?:する|は|を|いたし|すること)?[^。！？\n]{0,8}(?:できません|できかねます|いたしかねます)/u,
  ],
  ["inability", /(?:お答え|お応え|回答|提供|対応|ご案内)(?:し|いたし|でき)?かねます/u],
  ["apology", /(?:죄송|미안|유감)[^.!?\n]{0,60}(?:수 없|못 |않습니다|드릴 수)/u],
  [
    "inability",
    /(?:도와\s?드릴|도울|(?:답변|대답|제공|작성|안내|지원)(?:해 ?드릴|드릴|할)|알려\s?드릴|응할|따를) 수(?:는|가)? 없/u,
  ],
  ["apology", /(?:عذرًا|عذراً|عذرا|آسف|أعتذر|للأسف)[^.!?؟\n]{0,30}(?:لا (?:أستطيع|يمكنني)|لن أ)/u],
  ["apology", /(?<!\p{L})(?:przepraszam|niestety),? (?:ale )?nie (?:mogę|jestem)/u],
  [
    "inability",
    /(?<!\p{L})nie (?:mogę|jestem w stanie|będę)(?: \p{L}+){0,4} (?:pomóc|odpowiedzieć|udzielić|podać|napisać|spełnić|stworzyć|zrobić|udostępnić|wykonać)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})(?:jag kan|kan jag)(?: \p{L}+){0,3} inte(?: \p{L}+){0,3} (?:hjälpa|svara|ge|skriva|göra|dela|tillhandahålla)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})(?:saya|kami) tidak (?:bisa|dapat|boleh)(?: \p{L}+){0,2} (?:membantu|memberikan|menjawab|menyediakan|menulis|melakukan|memenuhi)(?!\p{L})/u,
  ],
  [
    "inability",
    /(?<!\p{L})tôi không thể(?: \p{L}+){0,2} (?:giúp|hỗ trợ|cung cấp|trả lời|viết|thực hiện|chia sẻ)(?!\p{L})/u,
  ],
  ["inability", /मैं[^।.!?\n]{0,80}नहीं (?:कर|दे|बता|लिख) सक/u],
  ["apology", /(?<!\p{L})(?:üzgünüm|maalesef)[^.!?\n]{0,60}(?:amam|emem|mıyorum|miyorum|yardımcı olamam)/u],
];
