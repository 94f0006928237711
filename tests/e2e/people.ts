/** The people of the browser tests: made on a fresh database, beside the running server. */
export const PASSWORD = 'a-long-test-password';

export const PEOPLE = {
	mei: { email: 'mei@km.example.cn', name: '李梅', org: 'org-km-fagaiwei', role: 'planner' },
	bo: { email: 'bo@yx.example.cn', name: '王波', org: 'org-yx-zhengfu', role: 'planner' },
	lan: { email: 'lan@yn.example.cn', name: '赵兰', org: 'org-sheng-fagaiwei', role: 'coordinator' },
	wen: { email: 'wen@yn.example.cn', name: '陈文', org: 'org-sheng-zhengfu', role: 'viewer' }
} as const;
export type PersonKey = keyof typeof PEOPLE;

/** Signed in, but a member of no board. */
export const OUTSIDER = {
	email: 'out@km.example.cn',
	name: '周外',
	org: 'org-km-zhengfu',
	role: 'planner'
} as const;

export const BOARD = 'dianzhong';
