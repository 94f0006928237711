// Loaded before a server under test: on SIGHUP its clock of the day goes an hour back, as somebody's hand or a bad time
// server may set it.

const HOUR_MS = 3_600_000;
const RealDate = Date;
let offsetMs = 0;
const now = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
	construct: (target, given, newTarget) =>
		Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
	get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown))
});
process.on('SIGHUP', () => (offsetMs -= HOUR_MS));
