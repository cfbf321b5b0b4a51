export const measureThroughput = async (): Promise<object> => ({});
