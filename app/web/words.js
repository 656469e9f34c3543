// What the page says before the program can: the program's own words are in assets/locales.

const EN = {
  opening: 'Opening…',
  slow: 'This takes longer than it should. NT² Vault needs Chrome or Edge 108, Firefox 114, Safari 16.4, or newer.',
  again: 'Load again',
  insecure: 'This address is not secure, so the browser keeps its storage shut. Open the vault over https, or on the computer that serves it.',
  lacking: (what) => `This browser has no ${what}. NT² Vault needs Chrome or Edge 108, Firefox 114, Safari 16.4, or newer.`,
  forgetful: 'This window may not keep files, so a vault would be lost with it. Open this page in an ordinary window, not a private one.',
  unreachable: 'The program could not be loaded. Check the connection, then load again. Nothing in your vault has changed.',
  broken: (why) => `The program could not start: ${why}. Nothing in your vault has changed. Load again; if that does not help, use a newer browser.`,
};

const DE = {
  opening: 'Wird geöffnet …',
  slow: 'Das dauert länger als üblich. NT² Vault braucht Chrome oder Edge 108, Firefox 114, Safari 16.4 oder neuer.',
  again: 'Neu laden',
  insecure: 'Diese Adresse ist nicht sicher, deshalb gibt der Browser keinen Speicher frei. Öffnen Sie den Tresor über https oder auf dem Rechner, der ihn ausliefert.',
  lacking: (what) => `Diesem Browser fehlt ${what}. NT² Vault braucht Chrome oder Edge 108, Firefox 114, Safari 16.4 oder neuer.`,
  forgetful: 'Dieses Fenster darf keine Dateien behalten, ein Tresor ginge mit ihm verloren. Öffnen Sie diese Seite in einem gewöhnlichen, nicht in einem privaten Fenster.',
  unreachable: 'Das Programm konnte nicht geladen werden. Prüfen Sie die Verbindung und laden Sie neu. An Ihrem Tresor hat sich nichts geändert.',
  broken: (why) => `Das Programm konnte nicht starten: ${why}. An Ihrem Tresor hat sich nichts geändert. Laden Sie neu; hilft das nicht, nehmen Sie einen neueren Browser.`,
};

const german = navigator.languages.find((language) => /^(de|en)\b/.test(language))?.startsWith('de') ?? false;

export const LANGUAGE = german ? 'de' : 'en';
export const WORDS = german ? DE : EN;
