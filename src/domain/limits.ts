/** Bounds on what people can enter, in one place so that form, document schema and inspector agree. */
export const NAME_MAX_CHARS = 200;
export const LABEL_MAX_CHARS = 80;
export const PERSON_NAME_MAX_CHARS = 60;
export const PASSWORD_MIN_CHARS = 10;
export const TEXT_VALUE_MAX_CHARS = 2_000;
export const NOTES_MAX_CHARS = 100_000;
export const ID_MAX_CHARS = 80;
export const ORDER_KEY_MAX_CHARS = 400;
export const PROJECTS_MAX = 20_000;
export const STAGES_MAX = 60;
export const RECORDS_PER_PROJECT_MAX = 500;
/** 1e15 yuan is 10,000 times the largest project known; it also stays a safe integer. */
export const AMOUNT_MAX_YUAN = 1_000_000_000_000_000;
