"""Parses Transact-SQL with Microsoft's own parser (ScriptDom) and each grammar that it has.

stdin:  {"scripts": {name: text}, "runtime": {"@variable": [text]}, "parameters": {name: text}}
stdout: {"faults": [{"name", "grammar", "line", "message"}], "dynamic": {name: text}, "assigned": {name: {"@variable": text}}}

The dynamic SQL of `scripts` is parsed too, at any depth. A statement that is put together gives one text for each combination of
its CASE branches and of the values in `runtime`, for variables that get theirs from a query. `assigned` has the values that the SET
statements of each of `parameters` give.
"""

import ctypes
import glob
import itertools
import json
import os
import sys
import sysconfig

PACKAGES = sysconfig.get_path("purelib")
# mssql-cli contains .NET Core with its libraries; pythonnet contains the bridge to Python.
TOOLS = os.path.join(PACKAGES, "mssqlcli", "mssqltoolsservice", "bin")
BRIDGE = os.path.join(PACKAGES, "pythonnet", "runtime", "Python.Runtime.dll")
GRAMMARS = {100: "2008", 110: "2012", 120: "2014", 130: "2016", 140: "2017", 150: "2019"}


def start_dotnet():
    """Hosts .NET Core in this process: https://learn.microsoft.com/en-us/dotnet/core/tutorials/netcore-hosting"""
    properties = {
        "TRUSTED_PLATFORM_ASSEMBLIES": os.pathsep.join([*glob.glob(os.path.join(TOOLS, "*.dll")), BRIDGE]),
        "NATIVE_DLL_SEARCH_DIRECTORIES": TOOLS,
        "System.Globalization.Invariant": "true",  # needs no ICU library
    }
    runtime = ctypes.CDLL(os.path.join(TOOLS, "libcoreclr.so"))
    strings = lambda texts: (ctypes.c_char_p * len(properties))(*[text.encode() for text in texts])
    host, domain, initialize = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_void_p()
    succeed(runtime.coreclr_initialize(
        sys.executable.encode(), b"scriptdom", len(properties), strings(properties), strings(properties.values()),
        ctypes.byref(host), ctypes.byref(domain)))
    succeed(runtime.coreclr_create_delegate(
        host, domain, b"Python.Runtime", b"Python.Runtime.Loader", b"Initialize", ctypes.byref(initialize)))
    no_library = ctypes.create_string_buffer(1)  # this process contains Python already
    succeed(ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(initialize.value)(ctypes.addressof(no_library), 0))


def succeed(status):
    if status != 0:
        raise RuntimeError(f".NET Core does not start: {status & 0xFFFFFFFF:#x}")


start_dotnet()
import clr  # noqa: E402 (the runtime provides it)

clr.AddReference("Microsoft.SqlServer.TransactSql.ScriptDom")
from System.IO import StringReader  # noqa: E402
from Microsoft.SqlServer.TransactSql import ScriptDom as dom  # noqa: E402

# sqlcmd starts with QUOTED_IDENTIFIER OFF, Management Studio with ON. The lexer is the same in all grammars.
NEWEST = max(GRAMMARS)
PARSERS = [
    (GRAMMARS[level], getattr(dom, f"TSql{level}Parser")(is_quoted))
    for level, is_quoted in [*[(level, False) for level in GRAMMARS], (NEWEST, True)]
]
FRAGMENT = clr.GetClrType(dom.TSqlFragment)
READABLE = {}


def fragments(fragment):
    """The fragment and everything in it."""
    yield fragment
    kind = fragment.GetType()
    if kind.FullName not in READABLE:
        READABLE[kind.FullName] = [each for each in kind.GetProperties() if holds_fragments(each)]
    for each in READABLE[kind.FullName]:
        value = each.GetValue(fragment, None)
        if isinstance(value, dom.TSqlFragment):
            yield from fragments(value)
        elif value is not None:
            for item in value:
                yield from fragments(item)


def holds_fragments(member):
    kind = member.PropertyType.GetGenericArguments()[0] if member.PropertyType.IsGenericType else member.PropertyType
    return FRAGMENT.IsAssignableFrom(kind) and len(member.GetIndexParameters()) == 0


def dynamic_statements(script, runtime):
    """(line, text) of each statement that the script executes from a string."""
    everything = list(fragments(script))
    assigned = {}
    for each in everything:
        if isinstance(each, dom.SetVariableStatement):
            assigned.setdefault(each.Variable.Name, []).append(each.Expression)
    for source in filter(None, map(statement_of, everything)):
        for text in texts_of(source, {**assigned, **runtime}):
            yield source.StartLine, text


def assigned_values(script):
    """The last value of each variable, for SET statements that follow each other."""
    values = {}
    for each in (statement for batch in script.Batches for statement in batch.Statements):
        if isinstance(each, dom.SetVariableStatement):
            values[each.Variable.Name] = texts_of(each.Expression, values)
    return {name: value for name, [value] in values.items()}


def statement_of(fragment):
    if isinstance(fragment, dom.ExecutableStringList):
        [source] = fragment.Strings
        return source
    if isinstance(fragment, dom.ExecutableProcedureReference):
        reference = fragment.ProcedureReference
        is_variable = reference.ProcedureVariable is not None  # [database].sys.sp_executesql
        if is_variable or reference.ProcedureReference.Name.BaseIdentifier.Value == "sp_executesql":
            return fragment.Parameters[0].ParameterValue
    return None


def texts_of(expression, known):
    """Every text that the expression can have."""
    if isinstance(expression, (dom.StringLiteral, dom.IntegerLiteral)):
        return [expression.Value]
    if isinstance(expression, dom.ParenthesisExpression):
        return texts_of(expression.Expression, known)
    if isinstance(expression, dom.BinaryExpression):
        pairs = itertools.product(texts_of(expression.FirstExpression, known), texts_of(expression.SecondExpression, known))
        return unique(first + second for first, second in pairs)
    if isinstance(expression, (dom.SearchedCaseExpression, dom.SimpleCaseExpression)):
        branches = [each.ThenExpression for each in expression.WhenClauses] + [expression.ElseExpression]
        return unique(text for branch in branches for text in texts_of(branch, known))
    if isinstance(expression, dom.ConvertCall):
        return texts_of(expression.Parameter, known)
    if isinstance(expression, dom.FunctionCall) and expression.FunctionName.Value == "NCHAR":
        return [chr(int(text)) for text in texts_of(expression.Parameters[0], known)]
    if isinstance(expression, dom.FunctionCall) and expression.FunctionName.Value == "QUOTENAME":
        return ["[" + text.replace("]", "]]") + "]" for text in texts_of(expression.Parameters[0], known)]
    if isinstance(expression, dom.FunctionCall) and expression.FunctionName.Value == "REPLACE":
        parameters = (texts_of(each, known) for each in expression.Parameters)
        return unique(text.replace(old, new) for text, old, new in itertools.product(*parameters))
    if isinstance(expression, dom.VariableReference) and expression.Name in known:
        return unique(
            text for each in known[expression.Name] for text in ([each] if isinstance(each, str) else texts_of(each, known)))
    raise ValueError(f"line {expression.StartLine}: the value of this {expression.GetType().Name} is not known")


def unique(texts):
    return list(dict.fromkeys(texts))


def parse(name, text):
    """The script in the newest grammar, or None, and the faults of all grammars."""
    faults = {}
    for year, parser in PARSERS:
        script, errors = parser.Parse(StringReader(text))
        for each in errors:
            # Once, whether QUOTED_IDENTIFIER was off or on.
            faults[(year, each.Line, each.Message)] = {"name": name, "grammar": year, "line": each.Line, "message": each.Message}
    is_whole = all(year != GRAMMARS[NEWEST] for year, _, _ in faults)
    return script if is_whole else None, list(faults.values())


def main():
    request = json.load(sys.stdin)
    faults, dynamic, assigned = [], {}, {}
    pending = list(request["scripts"].items())
    for name, text in pending:
        script, found = parse(name, text)
        faults += found
        if script is not None:
            statements = unique(dynamic_statements(script, request["runtime"]))
            inner = [(f"{name}:{line} #{index}", each) for index, (line, each) in enumerate(statements, 1)]
            dynamic.update(inner)
            pending += inner  # the loop reaches them
    for name, text in request["parameters"].items():
        script, found = parse(name, text)
        faults += found
        if script is not None:
            assigned[name] = assigned_values(script)
    json.dump({"faults": faults, "dynamic": dynamic, "assigned": assigned}, sys.stdout)


main()
