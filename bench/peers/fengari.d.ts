/** What the benchmark uses of fengari, which has no types of its own. */
declare module 'fengari' {
  interface Api {
    lua_createtable(state: unknown, items: number, pairs: number): void
    lua_pushcfunction(state: unknown, callee: (state: unknown) => number): void
    lua_pushnumber(state: unknown, n: number): void
    lua_setfield(state: unknown, at: number, name: Uint8Array): void
    lua_setglobal(state: unknown, name: Uint8Array): void
    lua_call(state: unknown, args: number, results: number): void
    lua_pop(state: unknown, count: number): void
    lua_tonumber(state: unknown, at: number): number
  }
  const fengari: {
    readonly lua: Api
    readonly lauxlib: { luaL_newstate(): unknown; luaL_loadstring(state: unknown, source: Uint8Array): number }
    readonly lualib: { luaL_openlibs(state: unknown): void }
    to_luastring(text: string): Uint8Array
  }
  export default fengari
}
