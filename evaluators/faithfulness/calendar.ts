/**
 * Days, months and seasons, which languages other than English write in lower case and which may not be exchanged any more than names:
 * English (days), German, French, Spanish, Italian, Portuguese, Dutch; without accents. In Chinese and Japanese days, two characters.
 */
const words: ReadonlySet<string> = new Set(
  `monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays
  weekday weekdays weekend weekends summer winter autumn sommer herbst fruhling hiver printemps automne verano invierno otono primavera
  montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montags dienstags mittwochs donnerstags freitags samstags sonntags
  lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier avril juin juillet aout septembre octobre novembre decembre
  lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
  lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
  terca quarta quinta sexta janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
  maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
  月曜 火曜 水曜 木曜 金曜 土曜 日曜 周一 周二 周三 周四 周五 周六 周日 期一 期二 期三 期四 期五 期六 期日`.split(
    /\s+/u,
  ),
);

/** Whether a word, in lower case and without accents, names a day, a month or a season. */
export function isCalendarWord(lower: string): boolean {
  return words.has(lower);
}
