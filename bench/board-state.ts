import * as Y from 'yjs';
import { ENGINEERING_STAGES } from '../src/domain/stages.ts';
import { addProject, initBoard } from '../src/doc/mutators.ts';
import { projectsOf, stagesOf } from '../src/doc/schema.ts';

/** Id of the n-th project of a measured board. */
export const projectId = (index: number) => `p${index}`;

/** Puts `count` projects on a board, as its first people would; the updates to send. */
export function projectUpdates(state: Uint8Array, count: number): Uint8Array[] {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	if (stagesOf(doc).size === 0) {
		const stages = ENGINEERING_STAGES.map((id) => ({ id, name: id, nameEn: id }));
		initBoard(doc, { title: '测量', template: 'stages', stages });
	}
	for (let index = projectsOf(doc).size; index < count; index++) {
		addProject(doc, {
			projectId: projectId(index),
			stageId: ENGINEERING_STAGES[index % ENGINEERING_STAGES.length]!,
			index: Number.MAX_SAFE_INTEGER,
			fields: {
				name: `第${index}号跨市基础设施项目（测量用的较长名称）`,
				nameEn: `Cross-city project number ${index}`,
				sector: 'rail',
				leadCity: '530100',
				cities: { '530100': true, '530400': true },
				totalInvestmentYuan: index * 1_000_000
			}
		});
	}
	return updates;
}
