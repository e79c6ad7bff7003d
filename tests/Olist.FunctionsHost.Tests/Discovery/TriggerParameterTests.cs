using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Discovery;

public sealed class TriggerParameterTests
{
    class Declaring
    {
#pragma warning disable CA1822 // an instance method is also seen through the class below
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, FunctionContext context) => _ = (timer, context);
#pragma warning restore CA1822
    }

    sealed class Inheriting : Declaring;

    /// <summary>Reflection makes the objects of a method's parameters when first asked, and two that ask at once may get one each; the method seen through another class has others for certain.</summary>
    [Fact]
    public void A_trigger_is_known_by_its_place_whatever_object_stands_for_it()
    {
        var method = typeof(Declaring).GetMethod(nameof(Declaring.Run))!;
        var (timer, context) = (method.GetParameters()[0], method.GetParameters()[1]);
        var function = new FunctionDescriptor("Run", FunctionKind.Timer, method, timer, new TimerTriggerAttribute("0 * * * * *"), null, "Run", false);
        var others = typeof(Inheriting).GetMethod(nameof(Declaring.Run))!.GetParameters();
        Assert.NotSame(timer, others[0]);
        Assert.True(function.IsTrigger(others[0]));
        Assert.True(function.IsTrigger(timer));
        Assert.False(function.IsTrigger(others[1]));
        Assert.False(function.IsTrigger(context));
    }
}
