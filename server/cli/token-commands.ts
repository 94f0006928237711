import { OPERATOR } from '#server/audit/who.ts';
import { type Command, optionOrArgument, tableOf, text } from './command.ts';

const createToken: Command = {
	name: 'token create',
	usage: '--email E',
	summary: 'a bearer token for programs, shown this once',
	options: { email: text },
	argument: { name: 'email', isRequired: false },
	async run(context) {
		const email = optionOrArgument(context, 'email');
		const { people, authService } = await context.open();
		const token = await authService.createToken(await people.getByEmail(email), OPERATOR);
		return { lines: [token], json: { token } };
	}
};

const listTokens: Command = {
	name: 'token list',
	usage: '',
	summary: 'the tokens that are good, without their secrets',
	async run({ open }) {
		const { people, authService } = await open();
		const tokens = await authService.tokens();
		const emails = await people.emails(new Set(tokens.map(({ userId }) => userId)));
		const shown = tokens.map((token) => ({ ...token, email: emails.get(token.userId) ?? '' }));
		const rows = shown.map(({ id, email, createdAt, lastUsedAt }) => [
			id,
			email,
			createdAt,
			lastUsedAt ?? 'never used'
		]);
		return { lines: tableOf(rows), json: shown };
	}
};

const revokeToken: Command = {
	name: 'token revoke',
	usage: '--id ID',
	summary: 'end a token at once',
	options: { id: text },
	argument: { name: 'id', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'id');
		await (await context.open()).authService.revokeToken(id, OPERATOR);
		return { lines: [`revoked ${id}`], json: { id } };
	}
};

/** What programs sign in with. */
export const tokenCommands: readonly Command[] = [createToken, listTokens, revokeToken];
