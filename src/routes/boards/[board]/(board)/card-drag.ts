import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
	draggable,
	dropTargetForElements,
	monitorForElements
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import type { Attachment } from 'svelte/attachments';
import type { DropPlace } from './drop-place.ts';

export type CardEdge = 'top' | 'bottom';

interface CardDrag {
	projectId: string;
	stageId: string;
	/** Tells on which side of this card the dragged one would land. */
	onEdge(edge: CardEdge | undefined): void;
}

const edgeOf = (data: Record<string | symbol, unknown>): CardEdge | undefined => {
	const edge = extractClosestEdge(data);
	return edge === 'top' || edge === 'bottom' ? edge : undefined;
};

/** Makes a card one that can be dragged, and that others can be let go beside. */
export function draggableCard({ projectId, stageId, onEdge }: CardDrag): Attachment<HTMLElement> {
	return (element) =>
		combine(
			draggable({ element, getInitialData: () => ({ projectId }) }),
			dropTargetForElements({
				element,
				canDrop: ({ source }) => typeof source.data.projectId === 'string',
				getData: ({ input }) =>
					attachClosestEdge({ projectId, stageId }, { element, input, allowedEdges: ['top', 'bottom'] }),
				onDrag: ({ self, source }) =>
					onEdge(source.data.projectId === projectId ? undefined : edgeOf(self.data)),
				onDragLeave: () => onEdge(undefined),
				onDrop: () => onEdge(undefined)
			})
		);
}

/** Makes a column one that cards can be let go in, and that scrolls when a card is held at its edge. */
export function dropColumn(stageId: string, onOver: (isOver: boolean) => void): Attachment<HTMLElement> {
	return (element) =>
		combine(
			dropTargetForElements({
				element,
				canDrop: ({ source }) => typeof source.data.projectId === 'string',
				getData: () => ({ stageId }),
				onDragEnter: () => onOver(true),
				onDragLeave: () => onOver(false),
				onDrop: () => onOver(false)
			}),
			autoScrollForElements({ element })
		);
}

interface BoardDrag {
	onStart(projectId: string): void;
	/** `place` is undefined when the card was let go outside of every column. */
	onEnd(projectId: string, place: DropPlace | undefined): void;
}

/** Watches all drags of the board, and scrolls it sideways. */
export function watchDrags({ onStart, onEnd }: BoardDrag): Attachment<HTMLElement> {
	return (element) =>
		combine(
			monitorForElements({
				canMonitor: ({ source }) => typeof source.data.projectId === 'string',
				onDragStart: ({ source }) => onStart(String(source.data.projectId)),
				onDrop: ({ source, location }) =>
					onEnd(String(source.data.projectId), placeOf(location.current.dropTargets))
			}),
			autoScrollForElements({ element })
		);
}

/** The innermost target is a card, if the pointer was over one, else a column. */
function placeOf(targets: readonly { data: Record<string | symbol, unknown> }[]): DropPlace | undefined {
	const [target] = targets;
	if (!target || typeof target.data.stageId !== 'string') return undefined;
	const { stageId, projectId } = target.data;
	const edge = edgeOf(target.data);
	return typeof projectId === 'string' && edge ? { stageId, beside: { projectId, edge } } : { stageId };
}
