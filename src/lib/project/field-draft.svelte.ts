/** What typed text means, or why it is not accepted. */
export type Parsed<Value> = { value: Value } | { error: string };

/** Where a field's text comes from and goes to. */
export interface DraftSource<Value> {
	/** The stored value as one types it. */
	stored: () => string;
	parse: (text: string) => Parsed<Value>;
	/** @throws {Refusal} if the document refuses the value */
	save: (value: Value) => void;
	/** The words for an error thrown by `save`. */
	explain: (error: unknown) => string;
}

/**
 * What a person types into one field before it is saved. From the first key on it is theirs: a colleague's change is
 * told beside it and never comes under their hands. Until then the field follows the stored value.
 */
export class FieldDraft<Value> {
	readonly #source: DraftSource<Value>;
	#typed = $state<string | null>(null);
	/** What was stored when the typing began. */
	#base = $state('');
	#error = $state<string | undefined>();

	constructor(source: DraftSource<Value>) {
		this.#source = source;
	}

	/** What the field shows. */
	get text(): string {
		return this.#typed ?? this.#source.stored();
	}

	/** Why what is typed was not saved. */
	get error(): string | undefined {
		return this.#error;
	}

	/** Tells whether something typed is not saved yet. */
	get isTyped(): boolean {
		return this.#typed !== null && this.#typed !== this.#base;
	}

	/** What a colleague stored while this person was typing something else; null where nobody did. */
	get meanwhile(): string | null {
		const stored = this.#source.stored();
		return this.isTyped && stored !== this.#base && stored !== this.#typed ? stored : null;
	}

	type(text: string): void {
		if (this.#typed === null) this.#base = this.#source.stored();
		this.#typed = text;
		this.#error = undefined;
	}

	/** Drops what is typed; the field shows the stored value again. */
	cancel(): void {
		this.#typed = null;
		this.#error = undefined;
	}

	/**
	 * Saves what is typed; what is wrong stays in the field with its error. Text that is as it was when the typing began
	 * is no edit and must not put back what a colleague changed meanwhile.
	 * @returns a colleague's value that was replaced knowingly, else null
	 */
	commit(): string | null {
		if (this.#typed === null || !this.isTyped) {
			this.cancel();
			return null;
		}
		const parsed = this.#source.parse(this.#typed);
		if ('error' in parsed) {
			this.#error = parsed.error;
			return null;
		}
		const replaced = this.meanwhile;
		try {
			this.#source.save(parsed.value);
			this.cancel();
			return replaced;
		} catch (error) {
			this.#error = this.#source.explain(error);
			return null;
		}
	}
}
