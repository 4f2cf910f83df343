"""More kinds of layers and three networks, measured as gen_training.py does.

usage: python gen_more.py OUTDIR
"""
import json, sys
import torch, torch.nn as nn
from gen_training import measure
cases=[("Conv3d",dict(in_channels=4,out_channels=6,kernel_size=3,padding=1),[2,4,5,6,7]),
("Conv2d",dict(in_channels=6,out_channels=6,kernel_size=3,groups=6,padding=1),[2,6,9,8]),
("Conv2d",dict(in_channels=8,out_channels=4,kernel_size=3,groups=2,dilation=2,bias=False),[3,8,11,10]),
("ConvTranspose1d",dict(in_channels=5,out_channels=3,kernel_size=4,stride=2,padding=1),[2,5,9]),
("ConvTranspose3d",dict(in_channels=3,out_channels=2,kernel_size=2,stride=2),[2,3,4,5,3]),
("MaxPool1d",dict(kernel_size=3,stride=2),[2,4,17]),
("MaxPool3d",dict(kernel_size=2),[2,4,6,8,4]),
("AvgPool1d",dict(kernel_size=2),[2,4,18]),
("AvgPool3d",dict(kernel_size=2),[2,4,6,8,4]),
("AdaptiveAvgPool2d",dict(output_size=3),[2,4,9,12]),
("BatchNorm1d",dict(num_features=7),[5,7]),
("BatchNorm1d",dict(num_features=7),[3,7,11]),
("BatchNorm3d",dict(num_features=4),[2,4,3,5,6]),
("BatchNorm2d",dict(num_features=6,affine=False),[2,6,5,7]),
("InstanceNorm1d",dict(num_features=6),[2,6,9]),
("GroupNorm",dict(num_groups=2,num_channels=6,affine=False),[2,6,5,7]),
("LayerNorm",dict(normalized_shape=12,elementwise_affine=False),[2,5,12]),
("RNN",dict(input_size=5,hidden_size=4,batch_first=True),[2,9,5]),
("RNN",dict(input_size=5,hidden_size=4,num_layers=2,nonlinearity="relu",batch_first=True),[2,7,5]),
("GRU",dict(input_size=5,hidden_size=3,num_layers=2,bidirectional=True,batch_first=True),[2,9,5]),
("GRU",dict(input_size=6,hidden_size=4,bidirectional=True,batch_first=True),[3,5,6]),
("RNN",dict(input_size=6,hidden_size=4,bidirectional=True,num_layers=2,batch_first=True),[3,5,6]),
("LSTM",dict(input_size=6,hidden_size=5,proj_size=3,bidirectional=True,num_layers=2,batch_first=True),[3,5,6]),
("LSTM",dict(input_size=6,hidden_size=5,bidirectional=True,num_layers=3,batch_first=True),[3,5,6]),
("SELU",{},[2,8,10]),("CELU",{},[2,8,10]),("Softsign",{},[2,8,10]),("ReLU6",{},[2,8,10]),
("Upsample",dict(scale_factor=2,mode="bicubic"),[2,3,5,6]),
("ReflectionPad2d",dict(padding=2),[2,3,8,9]),("ReplicationPad1d",dict(padding=1),[2,3,8]),
("ChannelShuffle",dict(groups=2),[2,6,4,5]),("PixelUnshuffle",dict(downscale_factor=2),[2,3,8,6]),
("Unfold",dict(kernel_size=3),[2,3,7,8]),("LPPool2d",dict(norm_type=2,kernel_size=2),[2,3,8,6]),
("TransformerEncoderLayer",dict(d_model=16,nhead=2,dim_feedforward=40,dropout=0.2,activation="gelu",norm_first=True,batch_first=True),[3,7,16]),
("TransformerEncoderLayer",dict(d_model=12,nhead=3,dim_feedforward=20,dropout=0.0,activation="gelu",batch_first=True),[2,5,12]),
]
torch.manual_seed(5)
with open(f'{sys.argv[1]}/more_layers.jsonl','w') as f:
    for i,(cls,args,shape) in enumerate(cases):
        x=torch.randn(shape,requires_grad=True)
        r=measure(getattr(nn,cls)(**args),[x])
        f.write(json.dumps({"id":i,"layer":cls,"args":args,"input":shape,**r})+"\n")
class UNet(nn.Module):
    def __init__(s):
        super().__init__()
        def two(i,o): return nn.Sequential(nn.Conv2d(i,o,3,padding=1,bias=False),nn.BatchNorm2d(o),nn.LeakyReLU(0.1),nn.Conv2d(o,o,3,padding=1),nn.GroupNorm(4,o),nn.SiLU())
        s.a=two(3,8); s.b=two(8,16); s.c=two(16,32); s.u1=nn.ConvTranspose2d(32,16,2,2); s.d=two(32,16); s.up=nn.Upsample(scale_factor=2,mode="bilinear"); s.e=two(24,8); s.o=nn.Conv2d(8,2,1)
        s.p=nn.MaxPool2d(2); s.q=nn.AvgPool2d(2)
    def forward(s,x):
        a=s.a(x); b=s.b(s.p(a)); c=s.c(s.q(b))
        d=s.d(torch.cat([s.u1(c),b],1)); return s.o(s.e(torch.cat([s.up(d),a],1)))
class Tagger(nn.Module):
    def __init__(s):
        super().__init__(); s.e=nn.Embedding(50,12); s.dr=nn.Dropout(0.3); s.l=nn.LSTM(12,10,2,bidirectional=True,batch_first=True); s.n=nn.LayerNorm(20); s.f=nn.Linear(20,16); s.g=nn.Linear(8,9)
    def forward(s,x):
        h,_=s.l(s.dr(s.e(x))); return torch.log_softmax(s.g(nn.functional.glu(s.f(s.n(h)),-1)),-1)
class Block(nn.Module):
    def __init__(s,d,h):
        super().__init__(); s.h=h; s.n1=nn.RMSNorm(d); s.q=nn.Linear(d,d,bias=False); s.k=nn.Linear(d,d//2,bias=False); s.v=nn.Linear(d,d//2,bias=False); s.o=nn.Linear(d,d,bias=False); s.n2=nn.LayerNorm(d); s.g=nn.Linear(d,3*d,bias=False); s.u=nn.Linear(d,3*d,bias=False); s.w=nn.Linear(3*d,d,bias=False)
    def forward(s,x):
        y=s.n2(x); return x+s.w(nn.functional.silu(s.g(y))*s.u(y))
class Stack(nn.Module):
    def __init__(s):
        super().__init__(); s.e=nn.Embedding(40,16); s.b=nn.ModuleList([Block(16,4) for _ in range(3)]); s.n=nn.RMSNorm(16); s.t=nn.TransformerEncoderLayer(16,4,32,0.1,batch_first=True,norm_first=True); s.c=nn.Conv1d(16,8,3,padding=1); s.f=nn.Linear(8,5)
    def forward(s,x):
        x=s.e(x)
        for b in s.b: x=b(x)
        x=s.t(s.n(x)); x=torch.tanh(s.c(x.transpose(1,2))).mean(2); return s.f(x)
for name,m,x in [("held_unet",UNet(),torch.randn(2,3,16,20)),("held_tagger",Tagger(),torch.randint(0,50,(3,11))),("held_stack",Stack(),torch.randint(0,40,(2,9)))]:
    r=measure(m,[x])
    json.dump({"name":name,"input":list(x.shape),**r},open(f'{sys.argv[1]}/training_{name}.json','w')); print(name,r["saved_bytes"],r["params"])
