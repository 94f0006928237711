/** Letters and digits that are not taken for each other when read out or copied by hand. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const CHARS = 14;
/** Bytes above the last multiple would make the first letters likelier. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** A first password nobody guesses (69 bits), to be told to one person. */
export function makePassword(): string {
	let password = '';
	while (password.length < CHARS) {
		const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
		if (byte < FAIR_BYTES) password += ALPHABET[byte % ALPHABET.length];
	}
	return password;
}
