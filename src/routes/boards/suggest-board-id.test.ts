import { expect, test } from 'vitest';
import { isId } from '#domain/ids.ts';
import { suggestBoardId } from './suggest-board-id.ts';

test.each([
	['滇中重大基础设施项目', 'dianzhongzhongdajichusheshixiangmu'],
	['滇中铁路 2026', 'dianzhongtielu-2026'],
	['Yunnan 2026: rail', 'yunnan-2026-rail'],
	['绿色能源', 'lvsenengyuan'],
	['（试行）', 'shixing'],
	['——', ''],
	['', '']
])('%s is suggested as %s', async (title, id) => expect(await suggestBoardId(title)).toBe(id));

test('what is suggested for a long title is an id', async () => {
	expect(isId(await suggestBoardId('昆明玉溪曲靖楚雄红河跨区域基础设施互联互通项目统筹协调看板'))).toBe(true);
});
