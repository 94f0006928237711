import type { ExportProblem } from '#server/proof/check-export.ts';
import type { Proof } from '#server/proof/proof.service.ts';

/** Why a root proves nothing, in words. */
const ROOT_PROBLEMS: Readonly<Record<Proof['badRoots'][number]['problem'], string>> = {
	unreadable: 'is not a root',
	'unknown-key': 'is not signed with the key',
	'bad-signature': 'does not bear its signature',
	'other-boards': 'does not hold the boards that were signed'
};

const EXPORT_PROBLEMS: Readonly<Record<ExportProblem, string>> = {
	'no-export': 'this is not an export of a history',
	'other-bytes': 'the file is not as it was exported',
	torn: 'the file is not whole: its end is missing'
};

/** What is wrong with a file as a whole, in words. */
export const exportProblemText = (problem: ExportProblem): string => EXPORT_PROBLEMS[problem];

/** What a check of a board found, one line for each thing there is to say. */
export function proofLines(board: string, proof: Proof): string[] {
	const lines = [...proof.lost.map(lostText), chainText(proof), ...badRootLines(proof)];
	return lines.map((line) => `${board}: ${line}`);
}

function lostText({ fromSeq, toSeq, afterAt, beforeAt }: Proof['lost'][number]): string {
	const what = fromSeq === toSeq ? `entry ${fromSeq} is` : `entries ${fromSeq} to ${toSeq} are`;
	const when = afterAt === null ? `before ${beforeAt}` : `between ${afterAt} and ${beforeAt}`;
	return `${what} missing or not what was written: what was edited ${when} can no longer be shown or verified`;
}

function chainText(proof: Proof): string {
	const { entries, causeSeq, cause, root, missedRoot } = proof;
	const by = missedRoot ? `, by the signed root ${missedRoot.name}` : '';
	const since = root ? `, after entry ${root.seq}, where the signed root ${root.name} agrees` : '';
	switch (cause) {
		case null:
			return `${entries} entries, all sound; ${coverText(proof)}`;
		case 'lost':
			return `the other ${entries} entries fit each other`;
		case 'changed':
			return `entry ${causeSeq} is not what was written`;
		case 'cut':
			return `entry ${causeSeq} is missing, and all after it${by}`;
		case 'contradicted':
			return `entry ${causeSeq} is not what was written${by}; the first that is not may stand before it${since}`;
		default:
			return cause satisfies never;
	}
}

function coverText({ entries, root }: Proof): string {
	if (!root) return 'under no signed root yet';
	if (root.seq === entries) return `all of them under the signed root ${root.name}`;
	return `the first ${root.seq} of them under the signed root ${root.name}`;
}

const badRootLines = ({ badRoots }: Proof) =>
	badRoots.map(({ name, problem }) => `the root ${name} ${ROOT_PROBLEMS[problem]}`);
