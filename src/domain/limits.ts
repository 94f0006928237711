/** Bounds on what people can enter, in one place so that form, document schema and inspector agree. */
export const NAME_MAX_CHARS = 200;
export const LABEL_MAX_CHARS = 80;
export const PERSON_NAME_MAX_CHARS = 60;
export const PASSWORD_MIN_CHARS = 10;
/** The digest of a longer one would only cost time. */
export const PASSWORD_MAX_CHARS = 128;
export const TEXT_VALUE_MAX_CHARS = 2_000;
/** Named moments of one board. */
export const VERSIONS_MAX = 1_000;
/** Characters of a project's notes; each block (paragraph, heading, list item, …) counts as one more. */
export const NOTES_MAX_CHARS = 100_000;
/** Quotes in lists in lists: more is no honest text. */
export const NOTES_DEPTH_MAX = 40;
/** Pieces a run of text is made of, deleted ones included: Yjs walks all of them, for some edits once for each. */
export const TEXT_PIECES_MAX = 2_500;
/** One formatting or attribute value in notes: a link's address is the longest. */
export const MARK_MAX_CHARS = 2_000;
export const ID_MAX_CHARS = 80;
export const ORDER_KEY_MAX_CHARS = 400;
export const PROJECTS_MAX = 20_000;
export const STAGES_MAX = 60;
/** Entries of one set or list of a project: its cities, its evidence, … */
export const RECORDS_PER_PROJECT_MAX = 500;
/** 1e15 yuan is 10,000 times the largest project known; it also stays a safe integer. */
export const AMOUNT_MAX_YUAN = 1_000_000_000_000_000;

/** One update of a board: weeks of one person's work without a connection fit many times over. */
export const UPDATE_MAX_BYTES = 4 << 20;
/**
 * Structs and values in one update; each takes some 500 bytes of memory while it is looked at, however short it is on the
 * wire. A thousand projects with all their fields are 30,000; a person who works for weeks without a connection makes
 * some thousands.
 */
export const UPDATE_STRUCTS_MAX = 60_000;
/** Deleted ranges in one update: whoever comes back sends those of the whole board along. */
export const UPDATE_RANGES_MAX = 250_000;
/** Fields, entries and projects one update may change; each is a row of the history. A thousand projects have 20,000. */
export const UPDATE_PLACES_MAX = 25_000;
/** Maps and rich-text nodes one update may bring; each takes about 700 bytes of memory. */
export const UPDATE_CONTAINERS_MAX = 30_000;
/** A client that writes a thousand characters a second gets here after 30 years. */
export const CLOCK_MAX = 2 ** 40;
