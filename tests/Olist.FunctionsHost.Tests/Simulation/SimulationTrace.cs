using System.Globalization;
using System.Text;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>What happened in a run, line by line; kept only when somebody wants to read it.</summary>
sealed class SimulationTrace(bool isKept)
{
    readonly StringBuilder _lines = new();

    public bool IsKept => isKept;

    public override string ToString() => _lines.ToString();

    public void Add(string line)
    {
        if (isKept) _lines.Append(line).Append('\n');
    }

    public void Add(string what, int value, int of)
    {
        if (isKept) _lines.Append(CultureInfo.InvariantCulture, $"{what} {value} of {of}\n");
    }
}
