type Waiting<Item, Outcome> = { item: Item; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };

/**
 * Sends what comes in the same turn of the event loop together: many small writes at once then cost one way to the database
 * and back. Nobody waits for what is under way, for the database gathers, too, and better: it knows when its disk is free.
 * `send` is given the items in the order they came and answers an outcome for each; an `Error` refuses that one, and if
 * `send` itself fails, all of them.
 */
export const gathered = <Item, Outcome>(
	send: (items: readonly Item[]) => Promise<readonly (Outcome | Error)[]>
): ((item: Item) => Promise<Outcome>) => {
	let waiting: Waiting<Item, Outcome>[] = [];

	const go = async (): Promise<void> => {
		const together = waiting;
		waiting = [];
		try {
			const outcomes = await send(together.map(({ item }) => item));
			together.forEach(({ resolve, reject }, at) => {
				const outcome = outcomes[at] as Outcome | Error;
				if (outcome instanceof Error) reject(outcome);
				else resolve(outcome);
			});
		} catch (error) {
			for (const { reject } of together) reject(error);
		}
	};

	return (item) =>
		new Promise((resolve, reject) => {
			if (waiting.length === 0) setImmediate(() => void go());
			waiting.push({ item, resolve, reject });
		});
};
