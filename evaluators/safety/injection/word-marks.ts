/**
 * What a word does in a request to a model, in the languages in which injections are commonest. A star stands for any
 * ending. Ordinary texts have such words too; how they follow each other is what the model weighs.
 */
export const wordMarks: Readonly<Record<string, string>> = {
  drop: "ignore ignores ignored ignoring disregard disregarding forget forgetting override overriding overwrite bypass bypassing circumvent neglect dismiss discard abandon overlook omit erase delete cancel revoke reset void disable deactivate unlearn vergiss vergessen vergesst ignoriere ignorieren missachte* überspringe verwirf ignora ignorar ignoren ignorad olvida olvide olvidar olvidate oublie oubliez oublier ignorez esqueça esqueca esquecer desconsidere dimentica dimenticare ignorate scarta negeer vergeet игнорируй* игнорир* забудь* забыть zignoruj zapomnij unut yoksay",
  before:
    "previous previously prior above earlier preceding before former formerly initial original originally past foregoing aforementioned first vorherig* bisherig* vorangegangen* zuvor davor oben obig* früher* ursprünglich* anterior* previo previa previas previos precedent* précédent* originales inicial* originale* precedenti iniziali eerdere vorige voorgaande предыдущ* прежн* poprzednie önceki",
  orders:
    "instruction instructions instructed rule rules prompt prompts preprompt directive directives guideline guidelines command commands order orders policy policies restriction restrictions constraint constraints regulations protocol protocols programming training limitations limitation safeguards safeguard filter filters guardrails anweisung* instruktion* regel regeln befehl befehle aufgabe aufgaben vorgabe* richtlinie* einschränkung* instruccion* instrucción* órdenes reglas regla directrices restricciones indicaciones instruções instrucoes regras ordens diretrizes consigne consignes règle règles directives istruzion* regole direttive instructies regels opdrachten инструкци* правил* указани* команд* instrukcje talimat*",
  show: "reveal reveals show print output repeat display tell give share dump expose leak disclose recite say write spell return state provide list quote echo type hand confess divulge uncover zeig zeige zeigen gib nenn nenne verrate verrat sag sage wiederhole schreib schreibe drucke muestra muéstrame muestrame dime dame revela revelar repite escribe imprime diga mostre mostra revele dis montre affiche révèle donne répète répétez écris dimmi rivela scrivi ripeti stampa zeg toon vertel geef скажи покажи раскрой повтори выведи напиши powiedz pokaż göster söyle",
  secret:
    "password passwords passphrase passcode passkey secret secrets credential credentials token hidden confidential classified pin key keys passwort kennwort geheim* schlüssel geheimnis zugangscode contraseña contrasena secreto secreta clave claves senha segredo chave passe secrète mdp parola segreto chiave wachtwoord geheime парол* секрет* ключ* hasło şifre",
  code: "code codes codeword passcodes código codigo codice",
  system:
    "system systems developer developers admin admins administrator administrators root sudo debug debugging maintenance diagnostic console terminal kernel backend config configuration sysadmin superuser systemprompt sistema système administrador* administrateur administrator* entwickler* wartung* amministratore beheerder систем* администратор* разработчик*",
  mode: "mode modes modus modo modalità режим* access clearance privileges privilege override unlock unlocked activated enabled engaged",
  persona:
    "act acting pretend pretending roleplay roleplaying imagine behave simulate simulating persona character impersonate emulate become playing role spiele spiel stell verhalte benimm tue rolle actúa actua finge simula imagina compórtate comporte agis fais joue imaginez interpreta fingi agisci immagina doe speel притворись представь действуй udawaj davran",
  you: "you your yours yourself u ur du dich dir dein* sie ihr ihre ihren ihnen euer eure tú tu tus te tuyo su sus usted ti você vocês seu sua suas seus vous votre vos toi ton ta tes tuo tua tuoi tue lei jij jouw je ты твой твои тебе вы ваш* вам ty twoje sen senin",
  assistant:
    "ai assistant chatbot chatbots bot llm model robot machine agent ki assistent sprachmodell asistente assistente modelo modello intelligence computer ии модель ассистент* бот asystent",
  unbound:
    "unrestricted unfiltered uncensored unlimited unbound unethical amoral immoral jailbreak jailbroken dan freely freed liberated untethered evil rogue unbeschränkt uneingeschränkt ungefiltert libre sin sem sans senza",
  now: "now instead henceforth onwards immediately starting jetzt nun ab stattdessen ahora agora maintenant désormais adesso ora nu теперь сейчас teraz şimdi",
  fresh:
    "new following updated next different actual real true neu neue neuen neues folgende folgenden nueva nuevas nuevo nuevos siguientes siguiente nova novas novo nouvelle nouvelles nouveau nuove nuova nuovo nieuwe нов* nowe yeni",
  whole:
    "all any every everything anything whole entire full complete exact exactly verbatim alle alles allen sämtliche gesamte* todo toda todos todas tudo tout toute tous toutes tutto tutte tutti всё все целиком wszystkie tüm",
  encode:
    "base64 rot13 hex hexadecimal decode decoded decoding encode encoded encoding cipher caesar reverse reversed backwards morse concatenate concatenation concatenated acrostic ascii binary leetspeak anagram substring unscramble combine combined joined join variable variables characters letters letter rückwärts codiert dekodier* codifica décode",
  fiction:
    "hypothetical hypothetically fictional fiction story novel movie film scene poem song game dream suppose scenario grandmother grandma screenplay script play riddle imaginary universe world parallel virtual simulation hypothetisch geschichte gedicht spielen historia cuento poema histoire conte poème jeu storia racconto poesia gioco",
  authority:
    "authorized authorised permission permitted allowed owner creator engineer official clearance emergency urgent urgently ceo boss manager supervisor security verified approved certified staff employee team erlaubt erlaubnis befugt notfall autorizado permiso permitido emergencia autorisé permission urgence autorizzato emergenza разрешено",
  check:
    "test testing tests audit verify verification confirm check diagnostics evaluation quiz training teste prueba vérifier verifica тест*",
  text: "document documents text texts content passage input inputs conversation context message messages page email website instructionset words sentence sentences paragraph beginning start top history chat dokument nachricht gespräch texto mensaje conversación texte message documento messaggio",
  negation:
    "not don never no without cannot nor neither stop refuse nicht kein keine keinen niemals nie nada não nunca jamais pas ne non niet geen не нет никогда",
  obey: "obey comply follow listen answer respond reply execute perform do must shall folge gehorche antworte befolge obedece responde sigue contesta obéis réponds suis obbedisci rispondi segui gehoorzaam antwoord отвечай выполни следуй",
  question:
    "what which who how why where was welche welches wie qué cuál cuáles quel quelle quoi quale cosa qual wat что какой какая какие",
  hint: "hint hints clue clues rhyme rhymes synonym starts begins first last half part letter length long guess tipp hinweis reimt pista indice indizio подсказк*",
  tag: "assistant user system human inst im_start im_end sys endoftext begin end",
};

const otherScripts: readonly (readonly [mark: string, pattern: RegExp])[] = [
  ["drop", /忽略|无视|無視|忘记|忘掉|忘れ|무시|잊어|تجاهل|انس/],
  ["before", /之前|以上|先前|上述|以前|上記|이전|위의|السابقة/],
  ["orders", /指令|指示|规则|規則|命令|プロンプト|지시|명령|규칙|تعليمات|الأوامر/],
  ["secret", /密码|密碼|口令|秘密|密钥|パスワード|暗証|비밀|암호|كلمة السر|كلمة المرور/],
  ["show", /告诉|告訴|显示|透露|輸出|输出|教えて|見せて|출력|알려|보여|أخبرني|اكشف/],
  ["system", /系统|系統|システム|開発者|管理员|管理者|시스템|관리자|النظام/],
  ["persona", /假装|扮演|假裝|ふり|演じ|척|역할/],
];

interface Lookup {
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly stems: ReadonlyMap<string, readonly string[]>;
}

let lookup: Lookup | undefined;

/** The marks of a word in lower case; most words have none. */
export function marksOf(text: string): readonly string[] {
  lookup ??= readMarks();
  const exact = lookup.words.get(text);
  if (exact) return exact;
  for (let length = Math.min(text.length, longestStem); length >= shortestStem; length -= 1) {
    const found = lookup.stems.get(text.slice(0, length));
    if (found) return found;
  }
  return text.charCodeAt(0) < 0x600
    ? none
    : otherScripts.filter(([, pattern]) => pattern.test(text)).map(([mark]) => mark);
}

const none: readonly string[] = [];
const shortestStem = 3;
const longestStem = 14;

function readMarks(): Lookup {
  const words = new Map<string, string[]>();
  const stems = new Map<string, string[]>();
  for (const [mark, list] of Object.entries(wordMarks)) {
    for (const entry of list.split(" ")) {
      const [target, key] = entry.endsWith("*") ? [stems, entry.slice(0, -1)] : [words, entry];
      const marks = target.get(key) ?? [];
      if (!marks.includes(mark)) target.set(key, [...marks, mark]);
    }
  }
  return { words, stems };
}
