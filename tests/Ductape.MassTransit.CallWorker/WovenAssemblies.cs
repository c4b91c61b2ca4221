using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ductape.MassTransit.CallWorker;

/// <summary>
/// The library once more, and what uses it. Every virtual member of the library tells <see cref="Heard"/> first that it
/// is called, with its assembly and its token there.
/// </summary>
internal sealed class WovenAssemblies : AssemblyLoadContext
{
    /// <summary>Where the application context has the <see cref="Action{String}"/> that is told.</summary>
    public const string Heard = "ductape.heard";

    private static readonly string[] Woven = ["Ductape.MassTransit", "Ductape.MassTransit.RabbitMQ"];

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        var path = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        return Woven.Contains(name) ? LoadFromStream(Weave(path))
            : name.StartsWith("Ductape.", StringComparison.Ordinal) ? LoadFromAssemblyPath(path)
            : null;
    }

    private static MemoryStream Weave(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        var find = module.ImportReference(typeof(AppContext).GetMethod(nameof(AppContext.GetData)));
        var action = module.ImportReference(typeof(Action<string>));
        var invoke = module.ImportReference(typeof(Action<string>).GetMethod(nameof(Action<string>.Invoke)));
        foreach (var method in module.GetTypes().SelectMany(x => x.Methods).Where(x => x.IsVirtual && x.HasBody))
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"{module.Assembly.Name.Name} {method.MetadataToken.ToInt32()}");
            var (il, first) = (method.Body.GetILProcessor(), method.Body.Instructions[0]);
            il.InsertBefore(first, il.Create(OpCodes.Ldstr, Heard));
            il.InsertBefore(first, il.Create(OpCodes.Call, find));
            il.InsertBefore(first, il.Create(OpCodes.Castclass, action));
            il.InsertBefore(first, il.Create(OpCodes.Ldstr, member));
            il.InsertBefore(first, il.Create(OpCodes.Callvirt, invoke));
        }

        var woven = new MemoryStream();
        module.Write(woven);
        woven.Position = 0;
        return woven;
    }
}
