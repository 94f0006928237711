import { afterAll, describe, test } from 'vitest';
import { openDatabase } from '#server/database/open.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { describeBeginning } from './beginning-contract.ts';
import { describeJournal } from './journal-contract.ts';
import { describeSegments } from './segment-contract.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

if (!postgres) describe.skip('the journal on PostgreSQL', () => test('is not there'));
else {
	const open = async () => {
		const url = await postgres.createDatabase();
		const [one, two] = [await openDatabase(url), await openDatabase(url)];
		return {
			one,
			two,
			async close() {
				await one.db.destroy();
				await two.db.destroy();
			}
		};
	};
	describeJournal('PostgreSQL', open);
	describeBeginning('PostgreSQL', open);
	describeSegments('PostgreSQL', open);
}
