/** Does something while no other tab does something under the same name. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
	// not there outside of secure contexts, which browsers end one by one
	const locks = navigator.locks as LockManager | undefined;
	return locks ? ((await locks.request(name, work)) as T) : work();
}
