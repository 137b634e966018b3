// Loaded into the build by NODE_OPTIONS: nothing is fetched while a site is built.
globalThis.fetch = (address) => {
	throw new Error(`the build fetches ${address}`);
};
