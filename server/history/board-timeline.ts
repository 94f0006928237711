import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Board, byOrder, type Project, type Stage } from '#domain/board.ts';
import type { ChangeKind } from '#domain/change.ts';
import type { NotesAtMoment } from '#domain/compare-boards.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { type ChangeBefore, listBefores } from './change-befores.repository.ts';
import type { Picture } from './checkpoint.ts';
import { placerOf } from './placer.ts';
import { shortened } from './read-path.ts';
import { projectOf, stageOf, withMetaValue, withStageValue, withValue } from './undo-change.ts';
import { Track, valueOf } from './versions.ts';

/** Rows read at a time; between two pages others have their turn. */
const PAGE = 5_000;
/** Before these a project or stage was not there. */
const BEGINNINGS: readonly ChangeKind[] = [
	'project-added',
	'project-taken',
	'project-restored',
	'stage-added'
];

/**
 * What changed on a board, as far back as somebody asked: a board of the past is made from the one of now at the cost of
 * what changed since, without building a document. Notes are as exact as the history tells them: to the sitting.
 */
export class BoardTimeline {
	readonly epoch: number;
	readonly #db: DatabaseHandle;
	readonly #boardId: string;
	readonly #projects = new Map<string, Track>();
	readonly #stages = new Map<string, Track>();
	readonly #meta = new Track();
	/** The changes of all entries after the first and up to the second are taken in. */
	#from: number;
	#to: number;

	constructor(db: DatabaseHandle, boardId: string, now: { seq: number; epoch: number }) {
		this.#db = db;
		this.#boardId = boardId;
		this.#from = now.seq;
		this.#to = now.seq;
		this.epoch = now.epoch;
	}

	/** Takes in what is missing between an entry and now. Not to be called while it is under way. */
	async reach(seq: number, now: number): Promise<void> {
		if (now > this.#to) {
			const rows = await listBefores(this.#db, this.#boardId, { above: this.#to, upTo: now });
			for (const row of rows.reverse()) this.#take(row, 'addNewer');
			this.#to = now;
		}
		while (this.#from > seq) {
			const rows = await this.#readBack(seq);
			for (const row of rows.changes) this.#take(row, 'addOlder');
			this.#from = rows.from;
			await othersTurn();
		}
	}

	/** The next page back, of whole entries. */
	async #readBack(seq: number): Promise<{ changes: ChangeBefore[]; from: number }> {
		const upTo = this.#from;
		const page = await listBefores(this.#db, this.#boardId, { above: seq, upTo, limit: PAGE });
		if (page.length < PAGE) return { changes: page, from: seq };
		const last = page.at(-1)!.seq;
		const whole = page.filter((row) => row.seq !== last);
		if (whole.length > 0) return { changes: whole, from: last };
		const changes = await listBefores(this.#db, this.#boardId, { above: last - 1, upTo: last });
		return { changes, from: last - 1 };
	}

	#take(row: ChangeBefore, add: 'addOlder' | 'addNewer'): void {
		const { seq, kind, projectId, stageId, field, member, before } = row;
		const isOfStage = kind.startsWith('stage-');
		const ofBoard = isOfStage ? trackIn(this.#stages, stageId!) : this.#meta;
		const track = projectId === null ? ofBoard : trackIn(this.#projects, projectId);
		const versions = field === null ? track.whole : track.of(field, member);
		versions[add](seq, BEGINNINGS.includes(kind) ? undefined : before);
	}

	/** The board after an entry that was reached. @param now as far as changes are taken in, or later */
	boardAfter(seq: number, now: Picture): Picture {
		const stages = this.#stagesAfter(seq, now.board);
		const place = placerOf(stages, now);
		const projects: Project[] = [];
		const named = new Map<string, string>();
		const take = (id: string, present?: Project) => {
			const project = this.#projectAfter(seq, id, present);
			const isWhereItIs = !this.#hasMovedSince(seq, id);
			named.set(id, isWhereItIs ? now.stageNamed(id) : (project?.stage ?? ''));
			if (project) projects.push(place(project, { isWhereItIs }));
		};
		const gone = new Set(this.#projects.keys());
		for (const project of now.board.projects)
			if (gone.delete(project.id)) take(project.id, project);
			else projects.push(place(project, { isWhereItIs: true }));
		for (const id of gone) take(id);
		const rank = new Map(stages.map((stage, index) => [stage.id, index]));
		projects.sort((a, b) => (rank.get(a.stage) ?? 0) - (rank.get(b.stage) ?? 0) || byOrder(a, b));
		let meta = { title: now.board.title, template: now.board.template };
		for (const { field, value } of this.#meta.heldAfter(seq)) meta = withMetaValue(meta, field, value);
		const notes = this.#notesAfter(seq, projects, now.notes);
		return {
			board: { ...meta, stages, projects },
			notes,
			stageNamed: (id) => named.get(id) ?? now.stageNamed(id)
		};
	}

	#projectAfter(seq: number, id: string, now: Project | undefined): Project | undefined {
		const track = this.#projects.get(id);
		const whole = track?.whole.firstAfter(seq);
		let project = whole ? (whole.before === undefined ? undefined : projectOf(id, valueOf(whole))) : now;
		if (!project || !track) return project;
		for (const held of track.heldAfter(seq, whole?.seq)) project = withValue(project, held);
		return project;
	}

	#hasMovedSince(seq: number, id: string): boolean {
		const track = this.#projects.get(id);
		return (track?.whole.firstAfter(seq) ?? track?.of('place', null).firstAfter(seq)) !== undefined;
	}

	#stagesAfter(seq: number, { stages }: Board): Stage[] {
		const now = new Map(stages.map((stage) => [stage.id, stage]));
		const found: Stage[] = [];
		for (const id of new Set([...now.keys(), ...this.#stages.keys()])) {
			const track = this.#stages.get(id);
			const whole = track?.whole.firstAfter(seq);
			let stage = whole
				? whole.before === undefined
					? undefined
					: stageOf(id, valueOf(whole))
				: now.get(id);
			if (!stage) continue;
			for (const { field, value } of track?.heldAfter(seq, whole?.seq) ?? [])
				stage = withStageValue(stage, field, value);
			found.push(stage);
		}
		return found.sort(byOrder);
	}

	/** What the notes said, cut where the history cuts them. */
	#notesAfter(seq: number, projects: readonly Project[], now: Picture['notes']): Map<string, NotesAtMoment> {
		const notes = new Map<string, NotesAtMoment>();
		for (const { id, hasNotes } of projects) {
			const text = hasNotes ? (this.#notesOf(seq, id) ?? shortened(now.get(id)?.text ?? '')) : '';
			if (text !== '') notes.set(id, { text, whole: text });
		}
		return notes;
	}

	#notesOf(seq: number, id: string): string | undefined {
		const track = this.#projects.get(id);
		const removal = track?.whole.firstAfter(seq);
		const change = track?.of('notes', null).firstAfter(seq);
		if (change && change.seq < (removal?.seq ?? Infinity)) return String(valueOf(change) ?? '');
		const picture = removal ? (valueOf(removal) as { notes?: string } | null) : undefined;
		return picture ? (picture.notes ?? '') : undefined;
	}
}

function trackIn(tracks: Map<string, Track>, id: string): Track {
	const known = tracks.get(id);
	if (known) return known;
	const track = new Track();
	tracks.set(id, track);
	return track;
}
