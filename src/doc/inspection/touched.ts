import { UPDATE_PLACES_MAX } from '#domain/limits.ts';
import type { Path, Place } from './container.ts';
import { refuse } from './refuse.ts';

/** Collects where an update changes something. */
export class Touched {
	readonly #paths: Path[] = [];

	add(place: Place): void {
		// a new container is touched where it stands itself
		if (place.isTouched || !place.container.isKnown) return;
		place.isTouched = true;
		this.#paths.push(place.path);
		if (this.#paths.length > UPDATE_PLACES_MAX)
			refuse(place, `is one place of more than ${UPDATE_PLACES_MAX}`, 'too-large');
	}

	/** Each path once; a whole project, stage or field that is touched stands for everything below it. */
	list(): Path[] {
		if (this.#paths.length < 2) return this.#paths;
		const byKey = new Map<string, Path>();
		for (const path of this.#paths) byKey.set(keyOf(path), path);
		return [...byKey.values()].filter((path) => {
			for (let depth = 2; depth < path.length; depth++) {
				if (byKey.has(keyOf(path.slice(0, depth)))) return false;
			}
			return true;
		});
	}
}

function keyOf(path: Path): string {
	return path.join('\0');
}
