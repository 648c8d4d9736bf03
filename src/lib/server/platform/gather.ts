type Waiting<Item, Outcome> = { item: Item; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };

/** Most items that go together. */
const most = 100;

/** How long those who wait let themselves be held up by what is under way, milliseconds. */
const patienceMs = 50;

/**
 * Sends what comes in the same turn of the event loop, and what comes while something is under way, together: many small
 * writes at once then cost one way to the database and back. Who comes alone is sent at the end of the turn. `send` is
 * given the items in the order they came and answers an outcome for each; an `Error` refuses that one, and if `send` itself
 * fails, all of them.
 */
export const gathered = <Item, Outcome>(
	send: (items: readonly Item[]) => Promise<readonly (Outcome | Error)[]>
): ((item: Item) => Promise<Outcome>) => {
	let waiting: Waiting<Item, Outcome>[] = [];
	let planned = false;
	let underWay = 0;

	const plan = (): void => {
		if (planned || underWay > 0 || waiting.length === 0) return;
		planned = true;
		setImmediate(() => void go());
	};

	const go = async (): Promise<void> => {
		planned = false;
		const together = waiting.slice(0, most);
		waiting = waiting.slice(most);
		underWay += 1;
		let holding = true;
		const letOn = (): void => {
			if (!holding) return;
			holding = false;
			underWay -= 1;
			plan();
		};
		const late = setTimeout(letOn, patienceMs);
		try {
			const outcomes = await send(together.map(({ item }) => item));
			together.forEach(({ resolve, reject }, at) => {
				const outcome = outcomes[at] as Outcome | Error;
				if (outcome instanceof Error) reject(outcome);
				else resolve(outcome);
			});
		} catch (error) {
			for (const { reject } of together) reject(error);
		} finally {
			clearTimeout(late);
			letOn();
		}
	};

	return (item) =>
		new Promise((resolve, reject) => {
			waiting.push({ item, resolve, reject });
			plan();
		});
};
