import { Refusal } from '#domain/refusal.ts';
import type { Services } from '#server/app.ts';

/** The boards a command is about: the named one, or all. @throws {Refusal} `not-found` */
export async function boardsNamed({ boards }: Services, named: string | undefined): Promise<string[]> {
	const ids = (await boards.listAll()).map(({ id }) => id);
	if (named === undefined) return ids;
	if (!ids.includes(named)) throw new Refusal('not-found', `there is no board ${named}`);
	return [named];
}
