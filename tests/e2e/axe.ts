import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fails for each serious or critical finding of axe on what the page shows now. */
export async function expectNoGraveFindings(page: Page): Promise<void> {
	// half the time: no details of what passed, and no second page to put frames together, which there are none of
	const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
	const { violations } = await axe.analyze();
	const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
	expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
