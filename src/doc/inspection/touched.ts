import type { Path, Place } from './container.ts';

/** Collects where an update changes something. */
export class Touched {
	readonly #paths: Path[] = [];

	add(place: Place): void {
		// a new container is touched where it stands itself
		if (place.isTouched || !place.container.isKnown) return;
		place.isTouched = true;
		this.#paths.push(place.path);
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
