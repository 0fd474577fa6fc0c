export { checkGatewayConfig, type ConfigIssue } from "./check-config.ts";
export { type GatewayConfig, gatewayConfig } from "./config.ts";
export { defaultConfig } from "./default-config.ts";
export { createGateway, type CreateGatewayOptions, type Gateway } from "./gateway.ts";
export type { Effect, Guardrail } from "./guardrails/guardrail.ts";
export { withProviderModels } from "./provider-models.ts";
export type { Alias, Target } from "./routing/alias.ts";
