import { expect, test } from 'vitest';
import { groupByPlace } from './organisations.ts';

const body = (id: string, place: string | null) => ({ id, name: id, nameEn: id, place });

test('organisations stand by place: the province, the partner cities, other prefectures, the rest', () => {
	const groups = groupByPlace([
		body('bank', null),
		body('dali', '532900'),
		body('fumin', '530124'),
		body('honghe', '532500'),
		body('kunming', '530100'),
		body('province', '530000')
	]);
	expect(groups.map(({ label, organisations }) => [label, organisations.map(({ id }) => id)])).toEqual([
		['云南省', ['province']],
		['昆明市', ['fumin', 'kunming']],
		['红河哈尼族彝族自治州', ['honghe']],
		['大理白族自治州', ['dali']],
		['其他', ['bank']]
	]);
});
